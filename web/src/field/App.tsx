import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../ui/Empty";
import { Banner } from "./Banner";
import { Link } from "./Link";
import { SyncLog } from "./log/SyncLog";
import { usePhoneState } from "./phone";
import { type Place, usePlace } from "./place";
import { Today } from "./today/Today";
import { Task } from "./visit/Task";

/** As the form of words: fetched beside the first page. */
const acceptance = import("./acceptance/Acceptance");
const Acceptance = lazy(() => acceptance.then((found) => ({ default: found.Acceptance })));

export function App() {
  const place = usePlace();
  return (
    <>
      <Banner />
      <main>
        <Suspense>
          <Page place={place} />
        </Suspense>
      </main>
    </>
  );
}

function Page({ place }: { place: Place }) {
  const { snapshot } = usePhoneState();
  if (place.page === "today") return <Today />;
  if (place.page === "log") return <SyncLog />;
  const visit = snapshot?.visits.find(({ order }) => order.id === place.id);
  if (!visit) return <NotHere />;
  return place.page === "visit" ? <Task visit={visit} /> : <Acceptance key={place.id} visit={visit} />;
}

/** Of an address that somebody was given, or that is over: the phone has it once it is the engineer's. */
function NotHere() {
  const { t } = useTranslation();
  return <Empty next={<Link to={{ page: "today" }}>{t("field.today")}</Link>}>{t("field.notHere")}</Empty>;
}
