// Says that it is ready, and ends when asked.
process.on('disconnect', () => undefined);
process.once('SIGTERM', () => process.exit(0));
process.send?.({ type: 'ready', port: 4711 });
setInterval(() => undefined, 1000);
