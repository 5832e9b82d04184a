// With install scripts switched off the pinned Node is missing and npm falls back to the system's, without a word.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Beamgate needs Node >= 24, and this is ${process.version}. In a checkout run \`npm ci\` without --ignore-scripts.`,
  );
  process.exit(1);
}
