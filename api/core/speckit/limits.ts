/** What one tasks.md may hold. Far above any real file; below what would hurt the service. */
export const SPECKIT_LIMITS = {
  /** UTF-16 units of the whole text. */
  text: 32 * 1024 * 1024,
  /** UTF-16 units of one line. */
  line: 4 * 1024 * 1024,
  lines: 2_000_000,
  tasks: 200_000,
  /** Edges of one file, hard and suggested together. */
  dependencies: 500_000,
  /** Ids that one written range ("T001–T040") is spread over when something refers to them. */
  rangeSpan: 300,
  /** Edges that one sentence ("T001–T012 before T013–T020") may make. */
  edgesPerSentence: 256,
} as const
