// The addresses of the app. Each page is a chunk of its own.
import { createBrowserRouter } from 'react-router';
import { Loading, Shell } from './shell.tsx';
import { NotFound, Trouble } from './trouble.tsx';

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Trouble />,
    hydrateFallbackElement: <Loading />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import('./home/home-page.tsx')).HomePage }) },
      { path: 'lesson/:id', lazy: async () => ({ Component: (await import('../learn/lesson-route.tsx')).LessonRoute }) },
      { path: 'lab/:scenarioId?', lazy: async () => ({ Component: (await import('../lab/lab-page.tsx')).LabPage }) },
      { path: 'connect', lazy: async () => ({ Component: (await import('../lab/connect-page.tsx')).ConnectPage }) },
      { path: 'fidelity', lazy: async () => ({ Component: (await import('./fidelity/fidelity-page.tsx')).FidelityPage }) },
      { path: 'notices', lazy: async () => ({ Component: (await import('./notices-page.tsx')).NoticesPage }) },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
