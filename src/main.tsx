// The page begins here.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import './app/styles/tokens.css';
import './app/styles/base.css';
import 'virtual:fonts.css';
import { startOffline } from './app/offline.ts';
import { router } from './app/routes.tsx';

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);

addEventListener('load', () => void startOffline());
