/** @returns the path of a browser, or null after saying how to get one. */
export function findBrowser(): string | null;
export const FLAGS: readonly string[];
/** Installs kcat on Debian as root where it is missing; elsewhere says how to get it. */
export function findKcat(): void;
