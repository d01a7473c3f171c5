import { z } from 'zod';
import { App } from './app.ts';

// The page's content security policy forbids code made from text, which zod would try for speed.
z.config({ jitless: true });

const root = document.getElementById('app');
if (root) new App(window, root).start();
