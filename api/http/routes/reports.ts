import { getStatusReport } from '../../services/report/status.ts'

export const reports = [getStatusReport]
