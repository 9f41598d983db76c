// The entrance: what this is, where you were, one real run, the course, and three ways through it.
import { Link } from 'react-router';
import { useMessages } from '../messages/use-messages.ts';
import { PlainFrame } from '../plain-page.tsx';
import { useTitle } from '../use-title.ts';
import { CourseMap } from './course-map.tsx';
import './home.css';
import { RunStrip } from './run-strip.tsx';
import { StartCard } from './start-card.tsx';
import { Tracks } from './tracks.tsx';

export function HomePage() {
  const m = useMessages();
  useTitle(null);
  return (
    <PlainFrame className="home">
      <main id="content">
        <section className="wrap hero">
          <div>
            <h1>{m.home.title}</h1>
            <p className="hero-lead">{m.home.lead}</p>
          </div>
          <StartCard />
        </section>
        <RunStrip />
        <div className="wrap">
          <CourseMap />
          <Tracks />
        </div>
      </main>
      <footer className="wrap foot">
        <span>{m.home.foot.offline}</span>
        <span>{m.home.foot.account}</span>
        <span className="spring" />
        <Link to="/notices">{m.home.foot.notices}</Link>
        <Link to="/lab">{m.home.openLab}</Link>
      </footer>
    </PlainFrame>
  );
}
