// The frame of every page that is text on paper: the bar with the main navigation, then one column that begins with the page's heading.
import type { ReactNode } from 'react';
import { MainNav, TopBar } from './top-bar.tsx';
import { useTitle } from './use-title.ts';

/** The bar alone, for a page whose content has a shape of its own. */
export function PlainFrame({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <div className={className ? `page ${className}` : 'page'}>
      <TopBar plain>
        <MainNav />
      </TopBar>
      {children}
    </div>
  );
}

export interface PlainPageProps {
  /** Heading of the page and title of the window. */
  readonly title: string;
  /** Said above the heading in small type. */
  readonly eyebrow?: string;
  /** Said under the heading in large type. */
  readonly lead?: ReactNode;
  /** Class of the column, for what stands in it. */
  readonly className?: string;
  readonly children?: ReactNode;
}

export function PlainPage({ title, eyebrow, lead, className, children }: PlainPageProps) {
  useTitle(title);
  return (
    <PlainFrame>
      <main id="content" className={className ? `wrap plain ${className}` : 'wrap plain'}>
        {eyebrow && <p className="plain-eyebrow">{eyebrow}</p>}
        <h1>{title}</h1>
        {lead && <p className="plain-lead">{lead}</p>}
        {children}
      </main>
    </PlainFrame>
  );
}
