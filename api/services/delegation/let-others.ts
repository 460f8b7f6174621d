/** Rendering and reading is work of milliseconds per task: others are to be answered meanwhile. */
export async function letOthers(count: number): Promise<void> {
  if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
}
