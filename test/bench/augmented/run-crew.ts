import type { AppName, startPipeline } from '../../support/index.ts'
import { readServices, watchProcess, type ProcessFigures } from '../pipeline/watch-process.ts'

export type Pipeline = Awaited<ReturnType<typeof startPipeline>>

type Member = {
  readonly name: string
  readonly app: ReturnType<Pipeline['start']>
  readonly figures: () => ProcessFigures
}

/** Apps that take jobs, and what each of them, killed or not, and the services have used. */
export async function createCrew(pipeline: Pipeline, env: Record<string, string>) {
  const services = (await readServices()).map(watchProcess)
  const members = new Map<string, Member>()
  const killed: ProcessFigures[] = []
  return {
    async start(app: AppName, name: string = app): Promise<void> {
      const started = pipeline.start(app, env)
      await started.sees(/takes jobs|is taking jobs/)
      members.set(name, { name, app: started, figures: watchProcess({ name, pid: started.pid }) })
    },
    /** SIGKILL. */
    async kill(name: string): Promise<void> {
      const { app, figures } = find(members, name)
      killed.push({ ...figures(), name: `${name} (killed)` })
      members.delete(name)
      await app.kill()
    },
    /** How many jobs of a killed worker it says that it took over. */
    takenOver: (name: string): number => find(members, name).app.output().split('took over a job').length - 1,
    figures: (): ProcessFigures[] => [
      ...killed,
      ...[...members.values()].map(({ figures }) => figures()),
      ...services.map((figures) => figures()),
    ],
  }
}

function find(members: ReadonlyMap<string, Member>, name: string): Member {
  const member = members.get(name)
  if (member === undefined) throw new Error(`there is no ${name}`)
  return member
}
