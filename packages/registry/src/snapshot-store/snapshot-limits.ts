/**
 * The largest file that is written or read, bytes: 10 000 reports of the largest size take 40 MiB. More would let whoever fills the
 * directory fill the memory, too.
 */
export const snapshotMaxBytes = 64 * 1024 * 1024;

/**
 * The longest line that is read, bytes. A report has its own, smaller limit (`nodeReportMaxBytes`); the first line holds the ids of all
 * masters of a Redis Cluster, 41 bytes each.
 */
export const snapshotLineMaxBytes = 16 * 1024;
