const newline = 0x0a

/** Puts what arrives in pieces together to lines, which it hands on whole: no character is split. */
export function lineReader(onLine: (line: string) => void) {
  let pieces: Buffer[] = []
  return (chunk: Buffer): void => {
    let rest = chunk
    for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
      const line = Buffer.concat([...pieces, rest.subarray(0, at)]).toString('utf8')
      pieces = []
      rest = rest.subarray(at + 1)
      if (line.trim() !== '') onLine(line)
    }
    if (rest.length > 0) pieces.push(rest)
  }
}
