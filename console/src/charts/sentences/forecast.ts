import type { Forecast } from '../../api/types.ts'
import { capital, count } from '../../format/words.ts'
import { dates } from '../time-axis.ts'

/** From so many days on, history has a spread that is worth being called a forecast. */
export const fewestDays = 3
const enoughDays = 10

const spoken = (date: string | null) =>
  date === null ? 'more than two years from now' : dates.day(Date.parse(date))

const range = ({ min, max }: Forecast['remaining']) =>
  min === max ? count(min, 'task') : `${min} to ${count(max, 'task')}`

/** Whether its dates mean anything; few days, or equal ones, give the same date each time. */
export const isTooEarly = ({ confidence, history }: Forecast): boolean =>
  confidence === 'low' && history.samples.length < fewestDays

export function forecastSentence(forecast: Forecast): string {
  const { confidence, reason, remaining, when, history } = forecast
  if (confidence === 'none' || when === null) return reason ?? 'There is no forecast.'
  if (remaining.max === 0) return 'Nothing is left to finish, so there is nothing to forecast.'
  const days = history.samples.length
  if (isTooEarly(forecast)) {
    return `It is too early for a date: ${count(days, 'day')} of history cannot tell how days differ; from ${enoughDays} days on a forecast is worth something.`
  }
  const guess =
    confidence === 'low' ? `Low confidence, from only ${count(days, 'day')} of history: ` : ''
  const left = `the ${range(remaining)} left will be done by ${spoken(when.p85)} with 85 % confidence, and as likely as not by ${spoken(when.p50)}.`
  return guess === '' ? capital(left) : guess + left
}

export function howManySentence({ how_many, remaining }: Forecast): string | null {
  if (how_many === null) return null
  const least = Math.min(how_many.p85, remaining.max)
  const half = Math.min(how_many.p50, remaining.max)
  if (least === 0) {
    return `By ${spoken(how_many.by)} no task is sure to be done with 85 % confidence; as likely as not ${half} of ${remaining.max}.`
  }
  return `By ${spoken(how_many.by)} at least ${count(least, 'task')} of ${remaining.max} with 85 % confidence, as likely as not ${half}.`
}
