import { Interruption } from './interruption.ts'

/** A job that can only wait for people: its process lets go of it. */
export class Parked extends Interruption {
  /** When it goes on at the latest. */
  readonly until: Date
  /** How many answers it had seen when it found that they are not enough. */
  readonly seen: number

  constructor(until: Date, seen: number) {
    super('suspended')
    this.until = until
    this.seen = seen
  }

  /** Several parts of a job that all wait: the first that goes on wakes all of them. */
  static together(all: Parked[]): Parked {
    return new Parked(
      new Date(Math.min(...all.map(({ until }) => until.getTime()))),
      Math.min(...all.map(({ seen }) => seen)),
    )
  }
}
