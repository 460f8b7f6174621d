type ThreadMain = (
  require: NodeJS.Require,
  importModule: (url: string) => Promise<Record<string, unknown>>,
) => void

/** The text of a thread that runs `main`, for `new Worker(text, { eval: true })`. */
export function threadSource(main: ThreadMain): string {
  // Some build tools wrap named functions in a call of their own helper.
  return `const __name = (target) => target;
(${main.toString()})(require, (url) => import(url));`
}
