import { StringDecoder } from 'node:string_decoder'

/** The longest line that is read, in UTF-16 units; of a longer one nothing is. */
const longest = 16_000_000

/** Cuts what a program prints into lines, holding one at most. */
export function lineReader(tell: (line: string) => void) {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let held = 0
  let skipping = false

  function flush(): void {
    if (skipping) tell(`(a line of more than ${longest} characters was left out)`)
    else if (held > 0) tell(parts.join(''))
    parts = []
    held = 0
    skipping = false
  }

  function hold(text: string): void {
    if (skipping || text === '') return
    held += text.length
    if (held > longest) {
      skipping = true
      parts = []
    } else parts.push(text)
  }

  return {
    add(chunk: Buffer): void {
      const lines = decoder.write(chunk).split('\n')
      for (const [at, text] of lines.entries()) {
        hold(text)
        if (at < lines.length - 1) flush()
      }
    },
    end(): void {
      hold(decoder.end())
      flush()
    },
  }
}
