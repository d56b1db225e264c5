import { render } from 'preact';
import { resumeSession } from './api/session.js';
import { App } from './app.jsx';

await resumeSession();
render(<App />, document.getElementById('desk'));
