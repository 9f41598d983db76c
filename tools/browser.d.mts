/** @returns the path of a browser, or null after saying how to get one. */
export function findBrowser(): string | null;
export const FLAGS: readonly string[];
