import { codeOf } from '../postgres/error.ts'

/** Something else listens where we want to. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

/**
 * Starts what listens on a port.
 * @throws PortTaken, naming the setting that chooses another port
 */
export async function portOf<T>(
  setting: string,
  port: number,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start()
  } catch (error) {
    const why = codeOf(error)
    if (why === 'EADDRINUSE') {
      throw new PortTaken(
        `Port ${port} is taken by another program. Stop that one, or choose another port with ${setting} (or --${optionOf(setting)}).`,
        { cause: error },
      )
    }
    if (why === 'EACCES') {
      throw new PortTaken(
        `Port ${port} may not be opened by this user; choose one above 1023 with ${setting}.`,
        { cause: error },
      )
    }
    throw error
  }
}

const optionOf = (setting: string) =>
  setting.replace('DEVGODZILLA_', '').toLowerCase().replaceAll('_', '-')
