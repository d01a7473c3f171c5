/**
 * First import of the page: the schema library else tries whether it may compile code at run time,
 * which the page's content security policy forbids and reports as an attack.
 */
import { z } from 'zod';

z.config({ jitless: true });
