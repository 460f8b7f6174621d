const control = String.fromCharCode(27)
const bell = String.fromCharCode(7)
const sequences = new RegExp(
  `${control}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${control}]*(?:${bell}|${control}\\\\)|[@-Z^_])`,
  'g',
)

/** A line without what a terminal would take for colours, titles and moves (ECMA-48, xterm). */
export const plain = (line: string): string =>
  line.includes(control) ? line.replaceAll(sequences, '') : line
