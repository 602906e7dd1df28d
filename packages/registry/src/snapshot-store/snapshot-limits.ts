/**
 * The largest file to write or read, bytes. 10 000 reports of the largest size take 40 MiB. A larger limit would let a large file at this
 * path exhaust the memory.
 */
export const snapshotMaxBytes = 64 * 1024 * 1024;

/**
 * The longest line to read, bytes. A report has a smaller limit (`nodeReportMaxBytes`). The first line contains the run ids of all primaries
 * of a Redis Cluster, 41 bytes each.
 */
export const snapshotLineMaxBytes = 16 * 1024;
