import type { Worker } from 'node:worker_threads'

/** Takes our listeners off a worker. Without names, Node's own would go too, and break it. */
export function forgetListeners(worker: Worker): void {
  for (const event of ['message', 'messageerror', 'error', 'exit']) worker.removeAllListeners(event)
}
