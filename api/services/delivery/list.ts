import { listDeliveries as command } from '../../commands/deliveries.ts'
import { deliveriesPage } from '../../store/parked.ts'
import { query } from '../query.ts'

export const listDeliveries = query(command, ({ db }, input) => deliveriesPage(db, input))
