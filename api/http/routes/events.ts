import { listConflicts } from '../../services/conflict/list.ts'
import { listEvents } from '../../services/event/list.ts'

export const events = [listEvents, listConflicts]
