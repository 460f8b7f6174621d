import { listEvents } from '../../services/event/list.ts'

export const events = [listEvents]
