import { useEffect, useState } from 'preact/hooks'
import type { TaskView } from '../../../../protocol/tasks.ts'
import { ApiError } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'

const ASK_EVERY_MS = 700

export type Asked = {
  task: TaskView | null
  error: ApiError | null
  /** The collector knows nothing of it any more: it was started again meanwhile. */
  isLost: boolean
}

/** Follows a task of an agent until it is answered or has expired. */
export function useTask(started: TaskView | null): Asked {
  const [asked, setAsked] = useState<Asked>({ task: null, error: null, isLost: false })
  const id = started?.id ?? null
  useEffect(() => {
    setAsked({ task: started, error: null, isLost: false })
    if (id === null) return
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    async function ask() {
      try {
        const task = await call('agentTask', { params: { id: id ?? '' }, signal: controller.signal })
        setAsked({ task, error: null, isLost: false })
        if (task.state === 'answered' || task.state === 'expired') return
      } catch (cause) {
        if (controller.signal.aborted) return
        if (cause instanceof ApiError && cause.code === 'not-found') {
          setAsked(old => ({ ...old, error: null, isLost: true }))
          return
        }
        const error = cause instanceof ApiError ? cause : new ApiError('unreadable')
        setAsked(old => ({ ...old, error }))
      }
      timer = setTimeout(() => void ask(), ASK_EVERY_MS)
    }
    void ask()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [id])
  return asked.task?.id === id ? asked : { task: started, error: null, isLost: false }
}
