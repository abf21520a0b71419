// Why a store on disk refused. The code travels from the worker thread to the caller and on to an HTTP problem.

export type StorageErrorCode =
  /** No space left: nothing of the refused request counts as stored. */
  | 'storage-full'
  /** The disk refused for another reason (permissions, I/O error). */
  | 'storage-failed'
  /** A file is broken; the message names it. */
  | 'damaged'
  /** Another process has the files open. */
  | 'in-use'
  /** The worker thread ended under the request; the next request starts a new one. */
  | 'worker-stopped'
  | 'closed'
  | 'bad-input'
  | 'query-too-large'
  /** The store is another program, and does not answer. */
  | 'unavailable'
  /** This kind of store has no such thing. */
  | 'not-supported'

export class StorageError extends Error {
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StorageError'
    this.code = code
  }
}
