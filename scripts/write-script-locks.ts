import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lockOf } from './lint-flows/lock.ts'
import { wmillLockFile, wmillLockOf } from './lint-flows/wmill-lock.ts'
import { readWorkspace } from './lint-flows/workspace.ts'

/** Writes the lock of every script anew, and what wmill notes of them; `tsx scripts/write-script-locks.ts [FOLDER]`. */
const root = process.argv[2] ?? fileURLToPath(new URL('../', import.meta.url))
const { scripts, files, installed } = await readWorkspace(root)
if (!installed) throw new Error(`there is no package-lock.json in ${root}: run npm install`)
for (const path of scripts.keys()) {
  const metadata = join(root, `${path}.script.yaml`)
  if (!files.has(`${path}.script.yaml`)) throw new Error(`there is no ${metadata}: add it`)
  await writeFile(join(root, `${path}.script.lock`), lockOf(path, scripts, installed))
  const text = await readFile(metadata, 'utf8')
  const line = `lock: '!inline ${path}.script.lock'\n`
  const locked = /^lock:.*\n/m.test(text) ? text.replace(/^lock:.*\n/m, line) : `${line}${text}`
  if (locked !== text) await writeFile(metadata, locked)
}
await writeFile(join(root, wmillLockFile), wmillLockOf(await readWorkspace(root)))
console.log(`${scripts.size} locks`)
