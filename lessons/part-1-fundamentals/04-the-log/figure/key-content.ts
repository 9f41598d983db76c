import type { FigureEvent } from './events';

export const keyOf = (event: FigureEvent): string | null => event.contentId;
