import { EpicsMotor, type MotorOptions } from '../../../src/worker/devices/epics/motor/epics-motor.ts';
import { Transports } from '../../../src/worker/devices/epics/transports.ts';
import type { Motion } from '../../../src/worker/devices/device-context.ts';
import { startIoc, type Ioc } from '../../../src/sim-ioc/ioc.ts';
import { MotorRecord } from '../../../src/sim-ioc/records/motor/motor-record.ts';
import type { EpicsRecord } from '../../../src/sim-ioc/records/record.ts';

/** EPICS_CA_* by which a client finds this IOC and no other. */
export const onlyThisIoc = ({ host, udpPort }: Ioc): Record<string, string> => ({
  EPICS_CA_ADDR_LIST: `${host}:${udpPort}`,
  EPICS_CA_AUTO_ADDR_LIST: 'NO',
  EPICS_CA_CONN_TMO: '2',
});

/** A simulated IOC in this process, and what devices are connected to it with. */
export class SimulatedBeamline implements AsyncDisposable {
  readonly ioc: Ioc;
  readonly transports: Transports;
  /** Motions that were put on record and have not ended. */
  readonly onRecord: Motion[] = [];

  private constructor(ioc: Ioc) {
    this.ioc = ioc;
    const begin = (motion: Motion): (() => void) => {
      this.onRecord.push(motion);
      return () => void this.onRecord.splice(this.onRecord.indexOf(motion), 1);
    };
    this.transports = new Transports(onlyThisIoc(ioc), { begin }, () => undefined);
  }

  static async with(...records: EpicsRecord[]): Promise<SimulatedBeamline> {
    return new SimulatedBeamline(await startIoc({ records }));
  }

  /** A motor record T:m1, 40 mm/s, and the motor that drives it. */
  static async withMotor(options: Partial<MotorOptions> = {}) {
    const record = new MotorRecord('T:m1', {
      velocity: 40,
      acceleration: 0.05,
      limits: [-100, 100],
      switches: [-20, 20],
      units: 'mm',
    });
    const beamline = await SimulatedBeamline.with(record);
    const motor = new EpicsMotor('T:m1', { name: 'm1', ...options });
    await motor.connect(beamline.transports, 5);
    return {
      beamline,
      motor,
      record,
      [Symbol.asyncDispose]: () => beamline[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.transports.close();
    await this.ioc.close();
  }
}
