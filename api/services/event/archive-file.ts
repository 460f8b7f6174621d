import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { conflict } from '../../core/errors.ts'

export interface ArchiveFile {
  file: string
  sha256: string
  bytes: number
  lines: number
}

/**
 * Writes lines to a gzipped file, under a name of its own until all of it is on the disk.
 * @throws DomainError `conflict` where the name is taken by a file that holds anything else
 */
export async function writeArchiveFile(
  folder: string,
  name: string,
  lines: AsyncIterable<string>,
  beforeNaming: () => void,
): Promise<ArchiveFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, name)
  const unfinished = `${file}.part`
  const hash = createHash('sha256')
  const size = { bytes: 0, lines: 0 }
  await pipeline(
    Readable.from(counted(lines, size)),
    createGzip(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size.bytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(unfinished, { mode: 0o600, flush: true }),
  )
  const sha256 = hash.digest('hex')
  if (await holdsOther(file, sha256)) {
    await rm(unfinished)
    throw conflict(
      'archive_file_is_free',
      `${file} is there already and holds something else, which may be the history of another installation. Move it away, or archive to another folder.`,
    )
  }
  beforeNaming()
  await rename(unfinished, file)
  await syncFolder(dirname(file))
  return { file, sha256, ...size }
}

/** An earlier try that was ended before it was recorded left the very same bytes. */
async function holdsOther(file: string, sha256: string): Promise<boolean> {
  try {
    return (await readArchiveFile(file)).sha256 !== sha256
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

async function* counted(lines: AsyncIterable<string>, size: { lines: number }) {
  for await (const line of lines) {
    size.lines++
    yield `${line}\n`
  }
}

/** A new name lasts when its folder is on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads a file back: its hash, its size, and how many lines it holds when unpacked. */
export async function readArchiveFile(file: string): Promise<ArchiveFile> {
  const hash = createHash('sha256')
  const size = { bytes: 0, lines: 0 }
  await pipeline(
    createReadStream(file),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size.bytes += chunk.length
        yield chunk
      }
    },
    createGunzip(),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) for (const byte of chunk) if (byte === 10) size.lines++
    },
  )
  return { file, sha256: hash.digest('hex'), ...size }
}
