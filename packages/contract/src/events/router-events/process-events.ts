import type { EventMeaning } from '../event.ts';

/** Events about the router itself: its process, its settings and its files. */
export const processEvents = {
  'audit.entry_dropped': {
    levels: ['error'],
    meaning:
      'Too many audit entries were waiting, so the router has dropped one. This log line is the only copy of that entry.',
    remedy: 'Make the audit log writable again. Keep this log line if you need the entry.',
  },
  'audit.entry_unwritten': {
    levels: ['error'],
    meaning:
      'The router stops while it cannot write the audit log. It has lost this entry. This log line is the only copy of that entry.',
    remedy: 'Make the audit log writable. Keep this log line if you need the entry.',
  },
  'audit.entry_waiting': {
    levels: ['warn'],
    meaning:
      'The router cannot write this entry to the audit log yet. The entry waits in memory. If the router is killed, this log line is the only copy.',
    remedy: 'Make the audit log writable again. The event `audit.entry_written` then shows that the entry is written.',
  },
  'audit.entry_written': {
    levels: ['info'],
    meaning: 'The router has written an entry to the audit log.',
    remedy: 'None.',
  },
  'audit.not_durable': {
    levels: ['info'],
    meaning:
      'Neither REDIS_URL nor STATE_DIR is set, so the audit log is only in memory. After a restart, its entries exist only as log lines.',
    remedy: 'If you need the audit log after a restart, set REDIS_URL or STATE_DIR.',
  },
  'audit.unwritable': {
    levels: ['warn'],
    meaning:
      'The router cannot write the audit log. New entries wait in memory until it is writable again. If too many entries wait, the router drops the oldest.',
    remedy: 'Check Redis, or check that STATE_DIR has free space and is writable. The field `reason` has the error.',
  },
  'audit.writable': {
    levels: ['info'],
    meaning: 'The router can write the audit log again.',
    remedy: 'None.',
  },
  'geoip.refused': {
    levels: ['error'],
    meaning: 'A changed GeoIP file is unusable. The router keeps using the previous file.',
    remedy: 'Replace the file with an intact one. The field `faults` lists each problem.',
  },
  'geoip.reloaded': {
    levels: ['info'],
    meaning: 'A GeoIP file has changed, and the router now uses the new content.',
    remedy: 'None.',
  },
  'geoip.check_result_ignored': {
    levels: ['info'],
    meaning:
      'The stored result of a GeoIP file check is damaged, or was made by another version of the check. The router checks the file again.',
    remedy: 'None.',
  },
  'geoip.check_result_not_stored': {
    levels: ['info'],
    meaning:
      'The router cannot store the results of its GeoIP file checks. The next start checks the files again, which takes some seconds.',
    remedy: 'If starts should be faster, set STATE_DIR to a writable directory.',
  },
  'geoip.verifying': {
    levels: ['info'],
    meaning:
      'The router reads a whole GeoIP file to check that it is intact. This takes some seconds and happens once per file.',
    remedy: 'None.',
  },
  'policy.applied': {
    levels: ['info'],
    meaning: 'The router has loaded a changed policy and uses it now.',
    remedy: 'None.',
  },
  'policy.copy_damaged': {
    levels: ['error'],
    meaning:
      'Both stored copies of the policy in STATE_DIR are damaged, or the stored policy is invalid in this version. The router uses the policy file. It cannot tell whether this policy drops protection that was in force before.',
    remedy:
      'Check residency and limits in the policy file. Check the disk of STATE_DIR. The router renames the damaged copies and stores new ones.',
  },
  'policy.in_force': {
    levels: ['info'],
    meaning: 'The router has started with the policy file. The field `sha256` is the hash of the policy.',
    remedy: 'None.',
  },
  'policy.kept_in_force': {
    levels: ['error'],
    meaning:
      'At the start, the policy file is unusable or drops protection. The router uses the last good policy, which it has stored in STATE_DIR.',
    remedy:
      'Correct the policy file. The field `faults` lists each fault. If the policy is meant to drop protection, set allowWeaker to the value in `faults`.',
  },
  'policy.refused': {
    levels: ['error'],
    meaning:
      'A changed policy is invalid or unreadable, or it drops residency or a limit. The router keeps using the previous policy.',
    remedy:
      'Correct the policy. The field `faults` lists each fault. If the policy is meant to drop protection, set allowWeaker to the value in `faults`.',
  },
  'policy.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the policy to STATE_DIR. It tries again. If it restarts before that, its copy of the policy is older, or there is none.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'router.listening': {
    levels: ['info'],
    meaning: 'The router accepts requests. If it has several workers, all of them accept requests.',
    remedy: 'None.',
  },
  'router.reloaded': {
    levels: ['info'],
    meaning:
      'The router got SIGHUP, and has read the policy, the API keys and the GeoIP files again. If one of them has changed or is unusable, an earlier log line reports it.',
    remedy: 'None. A changed setting needs a restart.',
  },
  'router.signal_ignored': {
    levels: ['info'],
    meaning:
      'The router got SIGUSR1 or SIGUSR2, and ignores it. It opens no debugger. The field `signal` has the signal.',
    remedy: 'None. To reload files, send SIGHUP. To stop the router, send SIGTERM.',
  },
  'router.stop_forced': {
    levels: ['error'],
    meaning:
      'The router exits before it has stopped cleanly, because it got a second signal or stopping took too long. Requests in progress are cut off.',
    remedy:
      'If the cause was a second signal, nothing needs to be done. Otherwise find out which requests take so long.',
  },
  'router.stopping': {
    levels: ['info'],
    meaning: 'The router stops. It finishes the requests in progress and then exits.',
    remedy: 'None.',
  },
  'settings.stray_characters': {
    levels: ['warn'],
    meaning:
      'A secret in the settings has quotes or blanks around it, ends with the characters \\n, is the name of a variable, or has the form of another setting. The router uses the value as it is. If other programs have the secret without these characters, the secrets differ.',
    remedy:
      'Check the setting that the field `setting` names. The field `cause` has the reason. The log line does not contain the secret.',
  },
  'state.change_abandoned': {
    levels: ['error'],
    meaning:
      'The router stops, and could not write its newest data to STATE_DIR. The field `file` names the file. If changes may be missing at the next start, the router does not rely on the file.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'state.file_saved': {
    levels: ['info'],
    meaning: 'The router can write the file to STATE_DIR again. The newest data are on disk.',
    remedy: 'None.',
  },
  'state.file_set_aside': {
    levels: ['warn'],
    meaning:
      'A file in STATE_DIR was damaged. The router has renamed it and has written a new one. The field `savedAs` has the new name. At most five damaged files are kept.',
    remedy: 'Find out what damaged the file: a full or failing disk, or another program. Then delete the damaged file.',
  },
  'worker.ended': {
    levels: ['warn'],
    meaning: 'A worker process has ended unexpectedly. The primary starts a replacement.',
    remedy: 'If this repeats, find the cause in the fields `code`, `signal` and `err`.',
  },
  'worker.replaced': {
    levels: ['info'],
    meaning: 'The new worker process, which replaces an ended one, accepts requests.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;
