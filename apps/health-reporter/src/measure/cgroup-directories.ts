/**
 * Where the files of a process's own cgroup may stand, best first, from the text of /proc/self/cgroup (cgroups(7)). In a container
 * the path named there is often the host's, while the container's own cgroup is mounted at the root: hence the second place.
 *
 * @param controller of cgroup v1, such as `cpuacct`; the empty string is v2's single hierarchy
 */
export function cgroupDirectories(procSelfCgroup: string, controller: string): string[] {
  const mount = controller === '' ? 'sys/fs/cgroup' : `sys/fs/cgroup/${controller}`;
  for (const line of procSelfCgroup.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers?.split(',').includes(controller)) return [`${mount}${path.join(':').replace(/\/$/, '')}`, mount];
  }
  return [];
}
