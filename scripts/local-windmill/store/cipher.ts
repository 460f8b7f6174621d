import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export type Cipher = {
  /** `path` is bound in: a value moved to another row does not open. */
  seal(path: string, plain: string): string
  open(path: string, sealed: string): string
}

const NONCE = 12
const TAG = 16

/** AES-256-GCM under a key derived from `secretKey` for this purpose alone. */
export function createCipher(secretKey: Buffer): Cipher {
  if (secretKey.length < 16) throw new Error('secretKey must have at least 16 bytes')
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'windmill variables', 32))
  return {
    seal(path, plain) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(path))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(path, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), {
        authTagLength: TAG,
      })
        .setAAD(Buffer.from(path))
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
      try {
        return (
          decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8')
        )
      } catch (cause) {
        throw new Error(
          `the secret variable ${path} was encrypted with another key: set it again, or restore the key`,
          { cause },
        )
      }
    },
  }
}
