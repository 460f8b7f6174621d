/** A way of asking for one thing: a program with its arguments. */
export interface Run {
  args: readonly string[]
  cwd: string
  env?: Record<string, string>
}

/** A call of a tool over MCP. */
export interface ToolCall {
  name: string
  arguments: Record<string, unknown>
}

/** A tool for tasks as it is measured: the same board of as many tasks, by terminal and by MCP. */
export interface Rival {
  name: string
  version: string
  /** The server that speaks MCP over standard input and output. */
  server: Run
  /** Lists all tasks in a terminal. */
  list: Run
  /** Moves a task to another column: every call to another one than before. */
  update(round: number): Run
  /** The same by MCP; a list may be the first page of one. */
  listTool: ToolCall
  updateTool(round: number): ToolCall
}

/** Titles are the same for all, and about as long as people write them. */
export const titleOf = (number: number) =>
  `Task ${number}: count the streak of a reader who skips a day`
