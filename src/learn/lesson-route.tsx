// The lesson that the address names.
import { useParams } from 'react-router';
import { LessonPage } from './LessonPage.tsx';

export function LessonRoute() {
  const { id = '' } = useParams();
  return <LessonPage id={id} />;
}
