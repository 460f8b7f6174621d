import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Runtime } from '../services/runtime.ts'
import { countAlerts } from '../store/alerts.ts'
import { waitingDeliveries } from '../store/deliveries.ts'
import { countMessages } from '../store/webhook-messages.ts'

export interface Metrics {
  observe(method: string, route: string, status: number, seconds: number): void
  /** The Prometheus text format. */
  render(): Promise<{ text: string; contentType: string }>
}

export function createMetrics({ db, sampler }: Pick<Runtime, 'db' | 'sampler'>): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const duration = new Histogram({
    name: 'devgodzilla_http_request_duration_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [register],
  })
  new Gauge({
    name: 'devgodzilla_event_deliveries',
    help: 'Deliveries of events to handlers that are not settled',
    labelNames: ['state'],
    registers: [register],
    async collect() {
      const { waiting, parked } = await waitingDeliveries(db)
      this.set({ state: 'waiting' }, waiting)
      this.set({ state: 'parked' }, parked)
    },
  })
  new Gauge({
    name: 'devgodzilla_webhook_messages',
    help: 'Webhook messages that wait to be sent, or are parked after their last try',
    labelNames: ['state'],
    registers: [register],
    async collect() {
      const { waiting, parked } = await countMessages(db)
      this.set({ state: 'waiting' }, waiting)
      this.set({ state: 'parked' }, parked)
    },
  })
  new Gauge({
    name: 'devgodzilla_alerts',
    help: 'Alerts by rule: open now, and how often raised in all',
    labelNames: ['rule', 'count'],
    registers: [register],
    async collect() {
      for (const { rule, open, raised } of await countAlerts(db)) {
        this.set({ rule, count: 'open' }, open)
        this.set({ rule, count: 'raised' }, raised)
      }
    },
  })
  new Gauge({
    name: 'devgodzilla_events_left_out',
    help: 'Events of sampled types that this process did not record',
    labelNames: ['type'],
    registers: [register],
    collect() {
      for (const { type, count } of sampler?.leftOut() ?? []) this.set({ type }, count)
    },
  })
  return {
    observe: (method, route, status, seconds) =>
      duration.observe({ method, route, status: String(status) }, seconds),
    render: async () => ({ text: await register.metrics(), contentType: register.contentType }),
  }
}
