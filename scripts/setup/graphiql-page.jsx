// GraphiQL as a page: the token is asked for once and kept for the browser session.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { createClient } from 'graphql-ws';
import React from 'react';
import { createRoot } from 'react-dom/client';
import './graphiql-workers.js';

const element = document.getElementById('graphiql');
const url = new URL(element.dataset.path, location.href);
const tokenKey = 'fairlead.token';
const greeting = `# Fairlead. The token goes into "Headers": { "authorization": "Bearer TOKEN" }
query { viewer { user role } }
`;

function tokenOf() {
  const known = sessionStorage.getItem(tokenKey) ?? '';
  if (known) return known;
  const given = prompt('API token (kept until this tab is closed)') ?? '';
  sessionStorage.setItem(tokenKey, given);
  return given;
}

const authorization = `Bearer ${tokenOf()}`;
const socketUrl = `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}${url.pathname}`;
const wsClient = createClient({ url: socketUrl, connectionParams: { authorization } });
const fetcher = createGraphiQLFetcher({ url: url.href, headers: { authorization }, wsClient });

createRoot(element).render(<GraphiQL fetcher={fetcher} defaultQuery={greeting} />);
