import { expect, test } from 'vitest'
import { ranked, score } from '../../console/src/palette/rank.ts'

const best = (typed: string, ...texts: string[]) => ranked(texts, typed, (it) => it)

test('every word typed must be there, in any order, whatever its case or accents', () => {
  expect(best('sprint new', 'New sprint', 'Sprints', 'New task')).toEqual(['New sprint'])
  expect(best('uber', 'Über die Kasse')).toEqual(['Über die Kasse'])
  expect(best('', 'Backlog')).toEqual(['Backlog'])
})

test('beginnings come before what is within, and that before initials', () => {
  expect(best('run', 'Prune branches', 'Start a run', 'Runs')).toEqual([
    'Runs',
    'Start a run',
    'Prune branches',
  ])
  expect(best('gb', 'Go back', 'Begin')).toEqual(['Go back'])
})

test('letters strewn over a sentence are no answer', () => {
  expect(score('zebra', 'Fuzzy matches everywhere, broken and bare')).toBeNull()
  expect(score('x', 'Relax')).not.toBeNull()
})
