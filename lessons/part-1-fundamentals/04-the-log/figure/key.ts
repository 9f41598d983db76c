import type { FigureEvent } from './events'

export const keyOf = (_: FigureEvent): string | null => null
