import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { batch } from '../../console/src/live/batch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the first comes at once, a burst together, and after a quiet time at once again', () => {
  const seen: number[][] = []
  const gathered = batch<number>((items) => seen.push(items), 80)
  gathered.add(1)
  expect(seen).toEqual([[1]])
  gathered.add(2)
  gathered.add(3)
  vi.advanceTimersByTime(79)
  expect(seen).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(seen).toEqual([[1], [2, 3]])
  vi.advanceTimersByTime(80)
  gathered.add(4)
  expect(seen).toEqual([[1], [2, 3], [4]])
})

test('nothing comes after it was stopped', () => {
  const seen: number[][] = []
  const gathered = batch<number>((items) => seen.push(items), 80)
  gathered.add(1)
  gathered.add(2)
  gathered.stop()
  vi.advanceTimersByTime(1000)
  expect(seen).toEqual([[1]])
})
