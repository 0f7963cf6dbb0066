import type { Defense } from './defense';
import type { GraphnadOptions } from './graphnadSettings';
import { trainStudent } from './student';
import { boundSuspect, trainTeacher } from './teacher';

/** The robust preset of docs/method.md: the default. */
export const graphnad: Defense<GraphnadOptions> = {
  name: 'graphnad',
  source: 'arXiv 2501.05835, with the robust preset of docs/method.md',
  fineTunedIs: 'comparison',
  run: async (context, { stream, keep }) => {
    const teacherBounds = boundSuspect(context);
    const teacher = keep(await trainTeacher(context, teacherBounds, stream('teacher')));
    const student = keep(await trainStudent(context, { model: teacher, bounds: teacherBounds }, stream('student')));
    return { student, teacher, teacherBounds };
  },
};
