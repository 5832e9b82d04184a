// Is ready, and takes no notice of being asked to end.
process.on('disconnect', () => undefined);
process.on('SIGTERM', () => undefined);
process.send?.({ type: 'ready' });
setInterval(() => undefined, 1000);
