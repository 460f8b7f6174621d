import { describe, expect, it } from 'vitest'
import { parseTasks } from '../../../../api/core/speckit/parse-tasks.ts'

const FIVE = ['T001', 'T002', 'T003', 'T004', 'T005'].map((id) => `- [ ] ${id} Work`).join('\n')

function edges(text: string): string[] {
  return parseTasks(text)
    .dependencies.map(
      ({ task, dependsOn, kind }) => `${task.externalId} ${kind} ${dependsOn.externalId}`,
    )
    .sort()
}

function fromProse(prose: string): string[] {
  return edges(`${FIVE}\n\n## Dependencies\n\n${prose}\n`)
}

describe('explicit dependencies are hard', () => {
  it.each([
    ['- [ ] T002 Build (depends on T001)', ['T002 hard T001']],
    ['- [ ] T003 Build (depends on T001, T002) — later', ['T003 hard T001', 'T003 hard T002']],
    ['- [ ] T003 Build (depends on T001, and on T002)', ['T003 hard T001', 'T003 hard T002']],
    ['- [ ] T003 Build (depends on T001–T002)', ['T003 hard T001', 'T003 hard T002']],
    ['- [ ] T003 Extend T002, depends on T001', ['T003 hard T001']],
    ['- [ ] T002 Build. Depends on T001 (the base).', ['T002 hard T001']],
    [
      '- [ ] T003 Build (Type: docs; Dependencies: T001, T002; Done: yes)',
      ['T003 hard T001', 'T003 hard T002'],
    ],
    ['- [ ] T002 Build\n  - **Depends on**: T001', ['T002 hard T001']],
    ['- [ ] T002 Build\n  **依賴**: T001', ['T002 hard T001']],
  ])('%s', (line, expected) => {
    expect(
      edges(`- [ ] T001 One\n${line.startsWith('- [ ] T003') ? '- [ ] T002 Two\n' : ''}${line}`),
    ).toEqual(expected)
  })

  it('is certain of the official form', () => {
    const { dependencies } = parseTasks('- [ ] T001 A\n- [ ] T002 B (depends on T001)')
    expect(dependencies).toEqual([
      {
        task: { externalId: 'T002', occurrence: 1 },
        dependsOn: { externalId: 'T001', occurrence: 1 },
        kind: 'hard',
        confidence: 1,
        line: 2,
      },
    ])
  })

  it('finds the one task behind a range', () => {
    expect(edges('- [x] T001–T003 Three\n- [ ] T004 B (depends on T002)')).toEqual([
      'T004 hard T001–T003',
    ])
  })

  it('means the nearest earlier task when an id comes twice', () => {
    const { dependencies } = parseTasks(
      '- [ ] T001 A\n- [ ] T001 B\n- [ ] T002 C (depends on T001)\n- [ ] T001 D',
    )
    expect(dependencies[0]?.dependsOn).toEqual({ externalId: 'T001', occurrence: 2 })
  })
})

describe('prose is a suggestion', () => {
  it.each([
    ['- T003 must complete before T004', ['T004 suggested T003']],
    ['- **T001 before T002** — always', ['T002 suggested T001']],
    [
      '- T003 (migration) depends on T001–T002 findings',
      ['T003 suggested T001', 'T003 suggested T002'],
    ],
    ['- T002, T003 can run in parallel after T001', ['T002 suggested T001', 'T003 suggested T001']],
    [
      '- T002 depends on T001; T003 depends on T002',
      ['T002 suggested T001', 'T003 suggested T002'],
    ],
    ['- T004 is blocked by T002', ['T004 suggested T002']],
    ['T001 → T002 → T003', ['T002 suggested T001', 'T003 suggested T002']],
    ['T001 (audit) ──► T002 (env) ─┐', ['T002 suggested T001']],
    ['```\nT001 -> T002\n```', ['T002 suggested T001']],
    ['T002 ← T001', ['T002 suggested T001']],
    ['T001 完了後に T002 開始', ['T002 suggested T001']],
    [
      '```mermaid\ngraph TD\n  T001[T001: Base] --> T002[T002: Next]\n  T002 & T003 -->|then| T004\n```',
      ['T002 suggested T001', 'T004 suggested T002', 'T004 suggested T003'],
    ],
    [
      '```mermaid\nA[T001 base] --> B(T002 next)\nB --> C{T003}\n```',
      ['T002 suggested T001', 'T003 suggested T002'],
    ],
    [
      '| Task | Depends on |\n|---|---|\n| T003 | T001, T002 |',
      ['T003 suggested T001', 'T003 suggested T002'],
    ],
  ])('%s', (prose, expected) => {
    expect(fromProse(prose)).toEqual(expected)
  })

  it.each([
    '- T001, T002 and T003 can run in parallel',
    '- T002 does not depend on T001',
    '- T002 is independent of T001',
    '- T001 starts after Phase 2, T002 follows the plan',
    '- T001 is done. Before that, T002 was',
    '- **Phase 2** depends on Phase 1',
    '| Phase 1 | T001-T003 |\n|---|---|\n| before | T004 |',
  ])('says nothing about order: %s', (prose) => {
    expect(fromProse(prose)).toEqual([])
  })

  it('is less certain than the official form', () => {
    const { dependencies } = parseTasks(`${FIVE}\n\nT001 before T002`)
    expect(dependencies[0]?.confidence).toBeLessThan(1)
  })

  it('keeps one edge per pair, the hard one', () => {
    expect(edges('- [ ] T001 A\n- [ ] T002 B (depends on T001)\n\nT001 → T002\n')).toEqual([
      'T002 hard T001',
    ])
  })
})

describe('what cannot be an edge is reported', () => {
  function reported(text: string): string[] {
    return parseTasks(text)
      .skipped.filter(({ reason }) => reason.startsWith('dependency'))
      .map(({ line, reason }) => `${line} ${reason}`)
  }

  it('an id that is not in the file', () => {
    const text = '- [ ] T001 A (depends on T099)'
    expect(edges(text)).toEqual([])
    expect(reported(text)).toEqual(['1 dependency_on_unknown_id'])
  })

  it('a task that waits for itself', () => {
    const text = '- [ ] T001 A (depends on T001)'
    expect(edges(text)).toEqual([])
    expect(reported(text)).toEqual(['1 dependency_on_itself'])
  })

  it('a circle of hard edges becomes suggestions', () => {
    const text =
      '- [ ] T001 A (depends on T003)\n- [ ] T002 B (depends on T001)\n- [ ] T003 C (depends on T002)\n- [ ] T004 D (depends on T003)'
    expect(edges(text)).toEqual([
      'T001 suggested T003',
      'T002 suggested T001',
      'T003 suggested T002',
      'T004 hard T003',
    ])
    expect(reported(text)).toEqual([
      '1 dependency_cycle',
      '2 dependency_cycle',
      '3 dependency_cycle',
    ])
  })

  it('a sentence over too many pairs', () => {
    const tasks = Array.from({ length: 60 }, (_, i) => `- [ ] T${String(i + 1).padStart(3, '0')} W`)
    const text = `${tasks.join('\n')}\n\nT001–T030 before T031–T060`
    expect(edges(text)).toEqual([])
    expect(reported(text)).toEqual(['62 dependency_too_broad'])
  })
})
