// What the main thread asks of the thread that keeps the records' log short.

export type LogWorkerData = {
  /** Of `records.db`. */
  path: string
  /**
   * The same file, opened for syncing. By the main thread, and closed after all connections of this process: whoever closes
   * any descriptor of a file lets go of all locks that the process holds on it (fcntl(2)).
   */
  file: number
  /** A log that had to grow beyond this is cut to it when it begins anew. */
  keptBytes: number
}

export type Copied =
  /** Shorter than was asked for: nothing was done. `length`: pages in the log. */
  | { kind: 'short'; length: number }
  /** `left`: those of its pages that are not in the file yet. */
  | { kind: 'copied'; length: number; left: number }
  /** A sync failed, so nobody knows what the disk has. */
  | { kind: 'not-synced'; reason: string }

export type LogCalls = {
  /** Copies what is there now and syncs it, when the log has at least so many pages. Writers go on. */
  copy: { request: number; response: Copied }
  /** Copies the rest and begins the log anew. No other connection of this process may be at work. */
  beginAnew: { request: undefined; response: Copied }
}
