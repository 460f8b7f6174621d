import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namedBy, sprintFolder, taskFolder } from '../../../../api/core/delegation/paths.ts'

const special = ['SPRINT.md', 'AGENT.yml', 'TASK.md', 'CON', 'NUL.txt', 'v1.', 'v1..', 'a', 'a_7']
const code = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  fc.stringMatching(/^[aA1][bB._]{0,3}$/),
  fc.constantFrom(...special).chain((text) => fc.mixedCase(fc.constant(text))),
)
const codes = fc.uniqueArray(code, { minLength: 1, maxLength: 40 })

/** In the order of their ids, with whether a code was there before in other case. */
function coded(codes: readonly string[]) {
  const seen = new Set<string>()
  return codes.map((code, index) => {
    const again = seen.size === seen.add(code.toLowerCase()).size
    return { id: index + 1, code, again }
  })
}

/** What a system that knows no case and leaves out dots at the end makes of a path. */
const onWindows = (path: string) =>
  path
    .toLowerCase()
    .split('/')
    .map((part) => part.replace(/[. ]+$/, ''))
    .join('/')

test('each task has files of its own on every system, whatever its code, and they tell the code', () => {
  fc.assert(
    fc.property(codes, codes, (sprints, tasks) => {
      const taken = new Set<string>()
      const add = (path: string) => {
        const plain = onWindows(path)
        expect(taken, path).not.toContain(plain)
        taken.add(plain)
      }
      for (const sprint of coded(sprints)) {
        const within = sprintFolder(sprint, sprint.again)
        add(`${within}/SPRINT.md`)
        expect(namedBy(`${within}/SPRINT.md`)).toEqual({
          ...{ sprint: sprint.code, task: null, name: 'SPRINT.md' },
        })
        for (const task of coded(tasks)) {
          const folder = taskFolder(within, task, task.again)
          add(folder)
          expect(namedBy(`${folder}/AGENT.yml`)).toEqual({
            ...{ sprint: sprint.code, task: task.code, name: 'AGENT.yml' },
          })
          const [, , ...names] = folder.split('/')
          expect(names).toHaveLength(2)
          for (const name of names) {
            expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/)
            expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
          }
        }
      }
    }),
    { numRuns: 60 },
  )
})

test.each(['PAY-1', 'my-sprint', 'v1.2', 'T_7', 'CONSOLE', 'con-1', 'AGENT.yml', 'sprint.mdx'])(
  'the folder of %s is called just so',
  (code) => {
    const folder = sprintFolder({ id: 7, code }, false)
    expect(folder).toBe(`delegation/sprints/${code}`)
    expect(taskFolder(folder, { id: 9, code }, false)).toBe(`${folder}/${code}`)
  },
)
