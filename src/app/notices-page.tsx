// What Millrace is made of besides itself: the build writes the list, this page says where it is.
import { useMessages } from './messages/use-messages.ts';
import { MainNav, TopBar } from './top-bar.tsx';

export function NoticesPage() {
  const m = useMessages();
  return (
    <div className="page">
      <TopBar plain>
        <MainNav />
      </TopBar>
      <main id="content" className="wrap plain-text">
        <h1>{m.notices.title}</h1>
        <p>{m.notices.text}</p>
        <a className="button secondary" href="/THIRD-PARTY-NOTICES.txt">
          {m.notices.link}
        </a>
      </main>
    </div>
  );
}
