type ThreadMain = (
  require: NodeJS.Require,
  importModule: (url: string) => Promise<Record<string, unknown>>,
) => void

/**
 * The text of a thread that runs `main`, for `new Worker(text, { eval: true })`: it needs no file of
 * its own, so it works from sources, from a bundle and under a test runner. Code that is minified
 * with its names kept is the one thing it cannot carry over.
 */
export function threadSource(main: ThreadMain): string {
  // Some build tools wrap named functions in a call of their own helper.
  return `const __name = (target) => target;
(${main.toString()})(require, (url) => import(url));`
}
