// What Millrace is made of besides itself: the build writes the list, this page says where it is.
import { useMessages } from './messages/use-messages.ts';
import { PlainPage } from './plain-page.tsx';

export function NoticesPage() {
  const m = useMessages().notices;
  return (
    <PlainPage title={m.title} lead={m.text}>
      <p className="plain-actions">
        <a className="button secondary" href="/THIRD-PARTY-NOTICES.txt">
          {m.link}
        </a>
      </p>
    </PlainPage>
  );
}
